// Keyboard and dialogs. Everything here is a convenience: each act is a plain form that works without it.
const typing = (target) => target.closest("input, textarea, select, dialog[open]");
const rows = () => [...document.querySelectorAll("table.l tbody tr")].filter((row) => row.querySelector("a[href]"));

// Beside a document there is room for a question: what it is about stays in sight, and is read on while one answers.
function ask(dialog) {
  if (!document.querySelector(".doc") || !matchMedia("(min-width: 901px)").matches) return dialog?.showModal();
  for (const other of document.querySelectorAll("dialog[open]")) if (other !== dialog) other.close();
  dialog?.show();
}

// The chosen row holds the focus on its link, so that a screen reader reads it and Enter opens it.
function choose(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement.closest("tr"));
  const row = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  row.querySelector("a[href]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// The button holds the focus first: to it the focus comes back when the question is closed, and the next key is heard.
function press(button) {
  button?.focus({ preventScroll: true });
  button?.click();
}

const acts = {
  j: () => choose(1),
  k: () => choose(-1),
  a: () => press(document.querySelector("[data-main]")),
  r: () => press(document.querySelector("[data-open='refuse'], [data-open='back']")),
  x: () => document.activeElement.closest("tr")?.querySelector(".choice input")?.click(),
  "/": () => (document.querySelector("[data-find-all]") ?? document.querySelector("[data-find]"))?.select(),
  "?": () => document.getElementById("help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.querySelector("dialog[open]:not(:modal)");
  if (open) return open.close();
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return fold();
  const act = acts[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-open]");
  if (open) ask(document.getElementById(open.dataset.open));
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) {
    const unfolded = document.getElementById(toggle.dataset.toggle).classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(unfolded));
  } else if (!event.target.closest(".side")) {
    fold();
  }
});

// The menu of a phone goes away by Esc and by a touch beside it.
function fold() {
  document.querySelector(".side.open")?.classList.remove("open");
  document.querySelector("[data-toggle]")?.setAttribute("aria-expanded", "false");
}

// The field of a file speaks the language of the page; the browser's own words are in the browser's.
function namesOf(field) {
  const names = [...field.files].map((file) => file.name).join(", ");
  field.parentElement.querySelector(".cut").textContent = names || document.body.dataset.unchosen;
}

for (const field of document.querySelectorAll("input[type=file]")) {
  const room = document.createElement("span");
  const button = document.createElement("span");
  const names = document.createElement("span");
  room.className = "file";
  button.className = "btn btn-sm";
  names.className = "cut";
  button.textContent = document.body.dataset.choose;
  button.ariaHidden = names.ariaHidden = "true"; // the field itself tells who does not see
  field.replaceWith(room);
  room.append(field, button, names);
  namesOf(field);
  field.addEventListener("change", () => namesOf(field));
}

// The bell rings by itself: no polling by hand. An office that does not answer, or asks to sign in, leaves it as it was.
const bell = document.querySelector("[data-bell]");

// Who types a long text sends nothing for a while: the bell says that somebody is there, so that no session is locked
// under their hands.
let active = false;
for (const sign of ["keydown", "pointerdown"])
  document.addEventListener(sign, () => (active = true), { passive: true });

// An urgent notice is heard, once whatever windows are open: two short tones, made here.
const RUNG = "rung";
function sound() {
  const room = new AudioContext();
  for (const [start, pitch] of [
    [0, 880],
    [0.22, 660],
  ]) {
    const tone = new OscillatorNode(room, { frequency: pitch });
    const volume = new GainNode(room, { gain: 0.15 });
    tone.connect(volume).connect(room.destination);
    tone.start(room.currentTime + start);
    tone.stop(room.currentTime + start + 0.18);
  }
  setTimeout(() => room.close(), 1000);
}

function heard(urgent) {
  if (urgent <= Number(localStorage.getItem(RUNG) ?? 0)) return;
  localStorage.setItem(RUNG, String(urgent));
  bell.classList.add("ringing");
  if ("silent" in bell.dataset) return; // its owner wants to see it, not to hear it
  try {
    sound();
  } catch {
    // A browser that lets no page sound before it was touched: the badge is seen all the same.
  }
}

// The tab and the icon of an installed page tell as well.
const title = document.title;
function badge(count) {
  document.title = count ? `(${count}) ${title}` : title;
  if (count) navigator.setAppBadge?.(count).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}

// A page in the background asks as well: what is urgent is heard there. While nothing has changed the office answers
// without content.
let known = null;
async function ring() {
  const place = bell.dataset.bell + (active ? "?active" : "");
  active = false;
  const headers = known ? { "If-None-Match": known } : {};
  const answer = await fetch(place, { redirect: "manual", headers }).catch(() => null);
  if (!answer?.ok) return;
  known = answer.headers.get("ETag");
  const { count, urgent } = await answer.json();
  const sign = document.createElement("sup");
  sign.textContent = count < 100 ? count : "99+";
  bell.querySelector("[data-bell-count]").replaceChildren(...(count ? [sign] : []));
  bell.setAttribute("aria-label", `${count} ${bell.dataset.words}`);
  badge(count);
  if (urgent) heard(urgent);
}

if (bell) setInterval(ring, 10000);

// What was typed into a dialog is kept while its act is under way: a refusal opens the dialog again, with everything in
// it but the PIN. It never leaves this window.
const KEPT = "dialog";
document.addEventListener("submit", (event) => {
  const dialog = event.target.closest("dialog[id]");
  if (!dialog) return;
  const fields = [...event.target.elements]
    .filter((one) => one.name && !["password", "hidden", "file", "submit"].includes(one.type))
    .map((one) => [one.name, one.value, one.checked ?? null]);
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, id: dialog.id, fields }));
});

const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
sessionStorage.removeItem(KEPT);
const refusal = document.querySelector("[data-problem]");
const again = refusal && kept?.path === location.pathname ? document.getElementById(kept.id) : null;
if (again) {
  const named = [...again.querySelectorAll("[name]")];
  for (const [name, value, checked] of kept.fields) {
    const found = named.filter((one) => one.name === name);
    const field = found.find((one) => ["radio", "checkbox"].includes(one.type) && one.value === value) ?? found[0];
    if (!field) continue;
    if (["radio", "checkbox"].includes(field.type)) field.checked = checked;
    else field.value = value;
  }
  again.querySelector("h2")?.after(refusal); // said once, where the hand is
  ask(again);
}

// Where a row of tabs is wider than a phone, the one that is open is in sight, also once their letters have come.
function showTab() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
}
showTab();
document.fonts.addEventListener("loadingdone", showTab);

// Several rows at once: how many are chosen, and all of them with one press.
const choice = document.querySelector("[data-choice]");
if (choice) {
  const boxes = [...choice.querySelectorAll(".choice input")];
  const all = choice.querySelector("[data-all]");
  const count = choice.querySelector("[data-count]");
  const tell = () => (count.textContent = `${boxes.filter((box) => box.checked).length} / ${boxes.length}`);
  all.hidden = false;
  all.addEventListener("click", () => {
    const chosen = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !chosen;
    tell();
  });
  choice.addEventListener("change", tell);
  tell();
}

// What waits for a signature from afar is looked after here: the page is fetched anew when it has gone a step on, unless
// it is just bringing the signature itself.
const awaited = document.querySelector("[data-awaits]");
async function look() {
  const answer = await fetch(awaited.dataset.awaits, { redirect: "manual" }).catch(() => null);
  if (awaited.dataset.brings) return;
  if (answer?.ok && (await answer.json()).state !== awaited.dataset.state) location.assign(location.href);
}
if (awaited) setInterval(look, 2000);
