// A token at the signer's or the clerk's own machine: the helper there (`lienthong token serve`) is asked what the page
// says, and the form is sent with the signatures it gives. The browser keeps the secret of its pairing, one for each helper:
// a person's token and the agency's seal may be at one machine. The PIN never comes here.

const PAIRED = (helper) => `lienthong.token ${helper}`;
const BEGUN = "lienthong.token.begun";
const vietnamese = document.documentElement.lang === "vi";

class Refused extends Error {
  constructor(told) {
    super(vietnamese ? `${told.vi} ${told.next_vi}` : `${told.en} ${told.next_en}`);
    this.code = told.code;
  }
}

async function ask(helper, path, body) {
  const secret = localStorage.getItem(PAIRED(helper)) ?? "";
  const answer = await fetch(helper + path, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
  }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!told || !(answer.ok || told.code)) return null; // nobody is there, or something else than the helper
  if (!answer.ok) throw new Refused(told);
  return told;
}

async function signatures(form, pairs, pairing) {
  const { token: helper, question } = form.dataset;
  if (pairing.value) {
    const paired = await ask(helper, "/pair", { code: pairing.value });
    if (!paired) return null;
    localStorage.setItem(PAIRED(helper), paired.secret);
    pairing.value = "";
    pairs.hidden = true;
  }
  return ask(helper, "/sign", JSON.parse(question));
}

async function sign(form) {
  const said = form.querySelector("[data-said]");
  const pairs = form.querySelector("[data-pairs]");
  const pairing = form.querySelector("[data-pairing]");
  const button = form.querySelector("button");
  button.disabled = true;
  const say = (code, text) => {
    said.dataset.said = code;
    said.className = code === "busy" ? "" : "warn";
    said.textContent = text;
  };
  say("busy", form.dataset.busy);
  try {
    const told = await signatures(form, pairs, pairing);
    if (told) {
      form.closest("[data-awaits]").dataset.brings = "1";
      form.elements.answer.value = JSON.stringify(told);
      form.submit();
      return;
    }
    say("away", form.dataset.away);
  } catch (refusal) {
    say(refusal.code, refusal.message);
    if (["not_paired", "pairing_code_wrong"].includes(refusal.code)) {
      pairs.hidden = false;
      pairing.focus();
    }
  }
  button.disabled = false;
}

for (const form of document.querySelectorAll("[data-token-begins]")) {
  form.addEventListener("submit", () => sessionStorage.setItem(BEGUN, "1"));
}
const begun = sessionStorage.getItem(BEGUN);
sessionStorage.removeItem(BEGUN);
const waiting = [...document.querySelectorAll("form[data-token]")];
for (const form of waiting) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sign(form);
  });
}
if (begun && waiting.length) sign(waiting[0]);
