// Keeps a page true without reloading: asks again while somebody looks, and touches only what has changed.
const page = document.querySelector("[data-live][data-seconds]");
const told = document.querySelector("[data-live-told]");
const clock = document.querySelector("[data-clock]");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const calm = told.textContent;
const VIETNAM = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", timeStyle: "medium" });
let tag = "";
let last = Date.now();

async function look() {
  if (document.hidden) return;
  const headers = { "Lienthong-Again": "1", ...(tag && { "If-None-Match": tag }) };
  const answer = await fetch(page.dataset.live, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return location.reload(); // the session is locked: the door says so
  const good = answer !== null && (answer.ok || answer.status === 304);
  if (good) last = new Date(answer.headers.get("Date") ?? Date.now()).getTime();
  told.textContent = good ? calm : `${told.dataset.lost} ${VIETNAM.format(last)}`;
  told.classList.toggle("stop", !good);
  if (!good) return;
  if (clock) {
    clock.dataset.clock = last;
    clock.dataset.at = performance.now();
  }
  if (answer.status !== 200) return;
  tag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) put(part);
}

// A part that says the same stays as it is, and one in which somebody writes or is asked something: no flicker, no lost
// focus, no lost word.
function put(part) {
  const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
  for (const hidden of part.querySelectorAll("[name=csrfmiddlewaretoken]")) hidden.setAttribute("value", token);
  if (!old || old.innerHTML === part.innerHTML || isWritten(old)) {
    if (old && isWritten(old)) tag = ""; // it is to come again, when nobody writes any more
    return;
  }
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  const scrolled = [...old.querySelectorAll("[role=region]")].map((one) => one.scrollTop);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const place = [...old.querySelectorAll("a, summary, [tabindex]")].indexOf(focused);
  const link = focused?.getAttribute("href");
  old.replaceChildren(...part.childNodes);
  old.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? false));
  old.querySelectorAll("[role=region]").forEach((one, index) => (one.scrollTop = scrolled[index] ?? 0));
  if (!focused) return;
  const same = link && old.querySelector(`a[href="${CSS.escape(link)}"]`);
  (same || old.querySelectorAll("a, summary, [tabindex]")[place])?.focus({ preventScroll: true });
}

function isWritten(part) {
  if (part.querySelector("dialog[open]")) return true;
  const fields = [...part.querySelectorAll("input:not([type=hidden]), textarea, select")];
  return fields.some(
    (one) => one === document.activeElement || ("defaultValue" in one && one.value !== one.defaultValue),
  );
}

// The hub's time, in Vietnam, whatever this machine's clock says.
function tick() {
  const now = Number(clock.dataset.clock) + performance.now() - Number(clock.dataset.at);
  clock.textContent = VIETNAM.format(now);
}

if (clock) {
  clock.dataset.at = performance.now();
  setInterval(tick, 1000);
}
setInterval(look, Number(page.dataset.seconds) * 1000);
document.addEventListener("visibilitychange", look);
