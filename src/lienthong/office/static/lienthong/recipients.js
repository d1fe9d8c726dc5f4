// Choosing recipients: the directory as one types, groups with one choice. A convenience: the form's own buttons do the
// same without it.

async function part(address) {
  const answer = await fetch(address, { redirect: "manual" }).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

for (const field of document.querySelectorAll("[data-recipients]")) {
  const address = field.dataset.recipients;
  const chosen = field.querySelector("[data-chosen]");
  const found = field.querySelector("[data-found]");
  const question = field.querySelector("[data-find]");
  const group = field.querySelector("[data-group]");
  const none = found.querySelector(".none");
  const box = (place, code) => place.querySelector(`input[value="${CSS.escape(code)}"]`);
  const known = (code) => Boolean(box(chosen, code));
  const rowsOf = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return [...holder.content.querySelectorAll("label.pick")].filter((row) => !known(row.querySelector("input").value));
  };
  field.querySelectorAll("[data-without-script]").forEach((button) => button.remove());

  let asked = 0;
  let timer;
  const look = async () => {
    const mine = ++asked;
    const html = await part(`${address}?q=${encodeURIComponent(question.value.trim())}`);
    if (html === null || mine !== asked) return;
    found.querySelectorAll("label.pick").forEach((row) => row.remove());
    found.prepend(...rowsOf(html));
    none.textContent = none.dataset.nothing;
  };
  question.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  // Enter takes the first that was found: the form is sent by its own button alone.
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    found.querySelector("input")?.click();
    question.select();
  });
  group?.addEventListener("change", async () => {
    if (!group.value) return;
    const html = await part(`${address}?nhom=${encodeURIComponent(group.value)}`);
    group.value = "";
    if (html === null) return;
    rowsOf(html).forEach((row) => {
      box(found, row.querySelector("input").value)?.closest("label").remove();
      chosen.querySelector(".none").before(row);
    });
  });
  field.addEventListener("change", (event) => {
    const row = event.target.closest("label.pick");
    if (!row) return;
    if (event.target.checked) chosen.querySelector(".none").before(row);
    else found.prepend(row);
    event.target.focus({ preventScroll: true });
  });
}
