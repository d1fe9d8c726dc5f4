// Keyboard and dialogs. Everything here is a convenience: each act is a plain form that works without it.
const typing = (target) => target.closest("input, textarea, select, dialog[open]");
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
let chosen = -1;

function choose(step) {
  const all = rows();
  if (!all.length) return;
  all[chosen]?.classList.remove("foc");
  chosen = Math.min(Math.max(chosen + step, 0), all.length - 1);
  all[chosen].classList.add("foc");
  all[chosen].scrollIntoView({ block: "nearest" });
}

const acts = {
  j: () => choose(1),
  k: () => choose(-1),
  Enter: () => rows()[chosen]?.querySelector("a")?.click(),
  a: () => document.querySelector("[data-main]")?.click(),
  r: () => document.querySelector("[data-open='refuse'], [data-open='back']")?.click(),
  "?": () => document.getElementById("help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = acts[event.key];
  if (act && !(event.key === "Enter" && event.target.closest("a, button"))) {
    event.preventDefault();
    act();
  }
});

document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-open]");
  if (open) document.getElementById(open.dataset.open)?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) document.getElementById(toggle.dataset.toggle)?.classList.toggle("open");
});

// The bell rings by itself: no polling by hand.
const bell = document.querySelector("[data-bell]");
if (bell) {
  setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(bell.dataset.bell);
    if (answer.ok) bell.querySelector("[data-bell-count]").innerHTML = await answer.text();
  }, 10000);
}
