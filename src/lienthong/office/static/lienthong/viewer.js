// Shows a PDF in the page: pages are drawn when they come into view, form values as they were filled. The bar above it
// gets the page count and the zoom. When the file cannot be shown, the link to it stays.
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";

pdfjs.GlobalWorkerOptions.workerSrc = new URL("../vendor/pdfjs/pdf.worker.min.mjs", import.meta.url).href;

const STEPS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3]; // zoom, against the width of the room
const WIDEST = 860; // CSS pixels of a page at zoom 1: about A4 on paper

class Viewer {
  constructor(room, pdf, sizes) {
    Object.assign(this, { room, pdf, sizes, zoom: 1 });
    this.pages = sizes.map((_, index) => this.page(index));
    room.replaceChildren(...this.pages);
    this.seen = new IntersectionObserver((entries) => this.meet(entries), { root: room, rootMargin: "400px" });
    this.bar();
    this.fit();
    new ResizeObserver(() => this.fit()).observe(room);
    room.addEventListener("scroll", () => this.tell(), { passive: true });
  }

  page(index) {
    const canvas = document.createElement("canvas");
    canvas.dataset.page = index + 1;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${this.room.dataset.page} ${index + 1} / ${this.sizes.length}`);
    return canvas;
  }

  // Give every page its place before it is drawn: nothing jumps. The place in the text stays where it was.
  fit() {
    const room = Math.min(this.room.clientWidth - 32, WIDEST);
    if (room <= 0) return;
    const width = Math.round(room * this.zoom);
    if (width === this.width) return;
    const place = this.room.scrollTop / (this.room.scrollHeight || 1);
    this.width = width;
    this.spot?.remove();
    this.pages.forEach((canvas, index) => {
      canvas.style.setProperty("width", `${width}px`);
      this.place(canvas, index);
      this.seen.unobserve(canvas);
      this.seen.observe(canvas);
    });
    this.room.scrollTop = place * this.room.scrollHeight;
    this.tell();
  }

  place(canvas, index) {
    const { width, height } = this.sizes[index];
    canvas.style.setProperty("height", `${Math.round((this.width * height) / width)}px`);
  }

  meet(entries) {
    for (const entry of entries) {
      if (entry.isIntersecting) this.draw(entry.target).catch(() => delete entry.target.dataset.width);
    }
  }

  async draw(canvas) {
    const wanted = this.width;
    if (canvas.dataset.width === String(wanted)) return;
    canvas.dataset.width = wanted;
    const page = await this.pdf.getPage(Number(canvas.dataset.page));
    const natural = page.getViewport({ scale: 1 }); // a page may lie across where the first one stands
    this.sizes[page.pageNumber - 1] = natural;
    this.place(canvas, page.pageNumber - 1);
    const density = Math.min(window.devicePixelRatio || 1, 2);
    const viewport = page.getViewport({ scale: (wanted / natural.width) * density });
    // Drawn aside and shown at once: a page that is drawn anew does not go white.
    const aside = document.createElement("canvas");
    aside.width = Math.round(viewport.width);
    aside.height = Math.round(viewport.height);
    await page.render({ canvas: aside, canvasContext: aside.getContext("2d"), viewport }).promise;
    if (wanted !== this.width) return;
    canvas.width = aside.width;
    canvas.height = aside.height;
    canvas.getContext("2d").drawImage(aside, 0, 0);
    canvas.dataset.drawn = "yes";
  }

  bar() {
    const bar = this.room.parentElement.querySelector(".vbar");
    if (!bar) return;
    this.where = document.createElement("span");
    this.scale = document.createElement("output");
    this.where.className = this.scale.className = "nw";
    this.out = this.button("minus", this.room.dataset.smaller, -1);
    this.into = this.button("plus", this.room.dataset.larger, 1);
    const room = document.createElement("span");
    room.className = "vzoom";
    room.append(this.where, this.out, this.scale, this.into);
    const load = bar.querySelector(".ico:last-child");
    bar.insertBefore(room, load);
  }

  button(icon, name, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ico";
    button.setAttribute("aria-label", name);
    button.insertAdjacentHTML("afterbegin", `<svg class="i" aria-hidden="true"><use href="#i-${icon}"/></svg>`);
    button.addEventListener("click", () => this.turn(step));
    return button;
  }

  turn(step) {
    const index = STEPS.indexOf(this.zoom) + step;
    if (index < 0 || index >= STEPS.length) return;
    this.zoom = STEPS[index];
    this.fit();
  }

  // Bring a place into view, with a frame around it. The box is left, top, right, bottom in millimetres of the page.
  point(number, box) {
    const page = this.pages[number - 1];
    if (!page) return;
    this.spot?.remove();
    const [left, top, right, bottom] = box.split(",").map(Number);
    if (!box) {
      page.scrollIntoView({ block: "start" });
      return;
    }
    const scale = (page.clientWidth * 72) / 25.4 / this.sizes[number - 1].width; // CSS pixels of a millimetre
    this.spot = document.createElement("i");
    this.spot.className = "spot";
    const sides = { left: page.offsetLeft + left * scale - 5, top: page.offsetTop + top * scale - 7 };
    sides.width = (right - left) * scale + 10;
    sides.height = (bottom - top) * scale + 11;
    for (const [side, length] of Object.entries(sides)) this.spot.style.setProperty(side, `${length}px`);
    this.room.append(this.spot);
    this.spot.scrollIntoView({ block: "center" });
  }

  // Say which page is under the middle of the room, and how large it is shown.
  tell() {
    if (!this.where) return;
    const box = this.room.getBoundingClientRect();
    const middle = box.top + box.height / 2;
    const below = this.pages.findIndex((page) => page.getBoundingClientRect().bottom >= middle);
    this.where.textContent = `${this.room.dataset.page} ${below < 0 ? this.pages.length : below + 1} / ${this.pages.length}`;
    this.scale.textContent = `${Math.round(this.zoom * 100)}%`;
    this.out.disabled = this.zoom === STEPS[0];
    this.into.disabled = this.zoom === STEPS[STEPS.length - 1];
  }
}

async function show(room) {
  const source = new URL("../vendor/pdfjs/", import.meta.url).href;
  const pdf = await pdfjs.getDocument({
    url: room.dataset.pdf,
    isEvalSupported: false,
    wasmUrl: `${source}wasm/`,
    standardFontDataUrl: `${source}standard_fonts/`,
  }).promise;
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const sizes = Array.from({ length: pdf.numPages }, () => first);
  return new Viewer(room, pdf, sizes);
}

for (const room of document.querySelectorAll("[data-pdf]")) {
  const shown = show(room).catch(() => void room.classList.add("plain"));
  // A link to a place turns to it here; where the file is not shown it opens the file.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-turn]");
    if (!link) return;
    event.preventDefault();
    shown.then((viewer) => {
      if (viewer) viewer.point(Number(link.dataset.turn), link.dataset.box);
      else location.assign(link.href);
    });
  });
}
