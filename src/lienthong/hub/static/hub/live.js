// Keeps figures true without reloading: asks again while somebody looks, and touches only what has changed.
const page = document.querySelector("[data-live]");
const told = document.querySelector("[data-live-told]");
const clock = document.querySelector("[data-clock]");
const calm = told.textContent;
let tag = "";

async function look() {
  if (document.hidden) return;
  const headers = tag ? { "If-None-Match": tag } : {};
  const answer = await fetch(page.dataset.live, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return location.reload(); // the session is locked: the door says so
  const good = answer !== null && (answer.ok || answer.status === 304);
  told.textContent = good ? calm : `${told.dataset.lost} ${clock.textContent.slice(0, 8)}`;
  told.classList.toggle("stop", !good);
  if (!good) return;
  clock.dataset.clock = new Date(answer.headers.get("Date") ?? Date.now()).getTime();
  clock.dataset.at = performance.now();
  if (answer.status !== 200) return;
  tag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) put(part);
}

// A part that says the same stays as it is: no flicker, no lost focus, no jump.
function put(part) {
  const old = page.querySelector(`[data-part="${part.dataset.part}"]`);
  if (!old || old.innerHTML === part.innerHTML) return;
  const open = [...old.querySelectorAll("details")].map((one) => one.open);
  const focused = [...old.querySelectorAll("a, summary, [tabindex]")].indexOf(document.activeElement);
  old.replaceChildren(...part.childNodes);
  old.querySelectorAll("details").forEach((one, index) => (one.open = open[index] ?? false));
  if (focused >= 0) old.querySelectorAll("a, summary, [tabindex]")[focused]?.focus({ preventScroll: true });
}

// The hub's time, in Vietnam, whatever this machine's clock says.
const VIETNAM = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", timeStyle: "medium" });
clock.dataset.at = performance.now();
function tick() {
  const now = Number(clock.dataset.clock) + performance.now() - Number(clock.dataset.at);
  clock.textContent = VIETNAM.format(now);
}

setInterval(tick, 1000);
setInterval(look, Number(page.dataset.seconds) * 1000);
document.addEventListener("visibilitychange", look);
