// The directory's pages: the tree opened branch by branch, search as one types, codes chosen from a list, progress of a
// table, a secret taken to the clipboard. Everything here is a convenience: each page works without it.

async function part(address) {
  const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" }, redirect: "manual" }).catch(
    () => null,
  );
  return answer?.ok ? answer.text() : null;
}

function debounced(act, wait = 120) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

// -- search as one types ---------------------------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-live]")) {
  const field = form.querySelector("input");
  const found = document.getElementById(field.getAttribute("aria-controls"));
  const tree = document.querySelector("[data-tree]");
  let asked = 0;
  const look = debounced(async () => {
    const wanted = field.value.trim();
    const mine = ++asked;
    const html = wanted ? await part(`${form.dataset.live}?q=${encodeURIComponent(wanted)}`) : "";
    if (html === null || mine !== asked) return;
    found.innerHTML = html;
    if (tree) tree.hidden = Boolean(wanted);
    history.replaceState(null, "", wanted ? `?q=${encodeURIComponent(wanted)}` : location.pathname);
  });
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && found.querySelector("a[href]")) {
      event.preventDefault();
      found.querySelector("tbody a[href]").focus();
    }
    if (event.key === "Escape" && field.value) {
      field.value = "";
      look();
    }
  });
  form.addEventListener("submit", (event) => {
    const first = found.querySelector("tbody a[href]");
    if (!first) return;
    event.preventDefault();
    first.click();
  });
}

// -- the tree --------------------------------------------------------------------------------------------------------

const tree = document.querySelector("[role=tree]");

async function unfold(item) {
  if (!item.dataset.branch || item.getAttribute("aria-expanded") === "true") return;
  let group = item.querySelector(":scope > [role=group]");
  if (!group) {
    const html = await part(item.dataset.branch);
    if (html === null) return;
    group = document.createElement("ul");
    group.setAttribute("role", "group");
    group.innerHTML = html;
    item.append(group);
  }
  group.hidden = false;
  item.setAttribute("aria-expanded", "true");
}

function close(item) {
  const group = item.querySelector(":scope > [role=group]");
  if (group) group.hidden = true;
  item.setAttribute("aria-expanded", "false");
}

async function continueBranch(item) {
  const html = await part(item.dataset.more);
  if (html === null) return;
  const before = item.previousElementSibling;
  item.insertAdjacentHTML("afterend", html);
  item.remove();
  reach(before.nextElementSibling);
}

const visible = () => [...tree.querySelectorAll("[role=treeitem]")].filter((one) => one.offsetParent);

// One item of the tree can be reached by Tab; the arrows move on from there.
function reach(item, { focus = true } = {}) {
  if (!item) return;
  tree.querySelector("[role=treeitem][tabindex='0']")?.setAttribute("tabindex", "-1");
  item.setAttribute("tabindex", "0");
  if (focus) item.focus();
}

if (tree) {
  const way = new URLSearchParams(location.search).get("mo");
  reach(tree.querySelector(way ? `[data-code="${CSS.escape(way)}"]` : "[role=treeitem]"), { focus: Boolean(way) });
  tree.addEventListener("click", (event) => {
    const item = event.target.closest("[role=treeitem]");
    if (event.target.closest(".tog[href]")) {
      event.preventDefault();
      item.getAttribute("aria-expanded") === "true" ? close(item) : unfold(item);
    }
    if (item?.dataset.more) continueBranch(item);
    else reach(item, { focus: false });
  });
  tree.addEventListener("keydown", async (event) => {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.target !== item || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = visible();
    const here = all.indexOf(item);
    const opened = item.getAttribute("aria-expanded");
    const acts = {
      ArrowDown: () => reach(all[here + 1]),
      ArrowUp: () => reach(all[here - 1]),
      Home: () => reach(all[0]),
      End: () => reach(all.at(-1)),
      ArrowRight: async () => (opened === "true" ? reach(item.querySelector("[role=treeitem]")) : unfold(item)),
      ArrowLeft: () => (opened === "true" ? close(item) : reach(item.parentElement.closest("[role=treeitem]"))),
      Enter: () => (item.dataset.more ? continueBranch(item) : item.querySelector("a.tn").click()),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    await acts[event.key]();
  });
}

// -- codes chosen from a list ----------------------------------------------------------------------------------------

let lists = 0;

for (const field of document.querySelectorAll("[data-pick]")) {
  const many = "many" in field.dataset;
  const list = document.createElement("ul");
  list.className = "options";
  list.id = `options-${++lists}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0].firstChild.textContent.trim());
  list.hidden = true;
  field.after(list);
  Object.entries({
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
  }).forEach(([name, value]) => field.setAttribute(name, value));
  field.autocomplete = "off";
  field.spellcheck = false;
  let chosen = -1;
  let begin = 0;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) field.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const all = options();
    chosen = all.length ? (index + all.length) % all.length : -1;
    all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
    if (chosen >= 0) {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (option) => {
    const before = many ? field.value.slice(0, begin) : "";
    field.value = before + option.dataset.code + (many ? " " : "");
    begin = field.value.length;
    show(false);
    field.focus();
  };
  // Codes that were taken stay; what is typed after them is searched for, words and all.
  const look = debounced(async () => {
    if (!many || begin > field.value.length) begin = 0;
    if (many && begin === 0) begin = /^(?:[A-Z0-9.]+[\s,;]+)*/.exec(field.value)[0].length;
    const wanted = field.value.slice(begin).trim();
    if (!wanted) return show(false);
    const html = await part(`${field.dataset.pick}?chon&q=${encodeURIComponent(wanted)}`);
    if (html === null) return;
    list.innerHTML = html;
    options().forEach((one) => (one.id = `${list.id}-${one.id}`));
    show(true);
    mark(0);
  });
  field.addEventListener("input", look);
  field.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      take(option);
    }
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(options()[chosen]);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      show(false);
    }
  });
}

// -- progress of a table ---------------------------------------------------------------------------------------------

const state = document.querySelector("[data-poll]");

if (state && "working" in state.dataset) {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const html = await part(state.dataset.poll);
    if (html === null) return;
    state.innerHTML = html;
    if (!state.querySelector("[data-working]")) clearInterval(timer);
  }, 1000);
}

// -- a secret taken to the clipboard ---------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.querySelector("[data-done]").hidden = false;
  });
}
