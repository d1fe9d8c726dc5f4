// Shows a PDF in the page: pages are drawn when they come into view, form values as they were filled.
import * as pdfjs from "../vendor/pdfjs/pdf.min.mjs";

pdfjs.GlobalWorkerOptions.workerSrc = new URL("../vendor/pdfjs/pdf.worker.min.mjs", import.meta.url).href;

async function show(room) {
  const source = new URL("../vendor/pdfjs/", import.meta.url).href;
  const pdf = await pdfjs.getDocument({
    url: room.dataset.pdf,
    isEvalSupported: false,
    wasmUrl: `${source}wasm/`,
    standardFontDataUrl: `${source}standard_fonts/`,
  }).promise;
  room.textContent = "";
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        seen.unobserve(entry.target);
        draw(pdf, entry.target);
      }
    }
  }, { root: room, rootMargin: "400px" });
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  const width = Math.min(room.clientWidth - 32, 860);
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const canvas = document.createElement("canvas");
    canvas.dataset.page = number;
    canvas.dataset.width = width;
    canvas.width = width;
    canvas.height = (width * first.height) / first.width;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Trang ${number} / ${pdf.numPages}`);
    room.append(canvas);
    seen.observe(canvas);
  }
}

async function draw(pdf, canvas) {
  const page = await pdf.getPage(Number(canvas.dataset.page));
  const density = Math.min(window.devicePixelRatio || 1, 2);
  const scale = Number(canvas.dataset.width) / page.getViewport({ scale: 1 }).width;
  const viewport = page.getViewport({ scale: scale * density });
  canvas.width = viewport.width;
  canvas.height = viewport.height;
  canvas.style.setProperty("width", `${viewport.width / density}px`);
  await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport }).promise;
  canvas.dataset.drawn = "yes";
}

for (const room of document.querySelectorAll("[data-pdf]")) {
  show(room).catch(() => room.classList.add("plain"));
}
