/* Shows similar ideas while the title is typed. Without this script the button beside it does the same. */
(() => {
  const box = document.querySelector("[data-similar]");
  const field = box && document.getElementById(box.dataset.similarField);
  if (!field || !window.fetch) return;
  let timer = 0;
  let running = null;
  let shown = "";

  async function show() {
    const title = field.value.trim();
    if (title === shown || title.length < 4) return;
    shown = title;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.similar}?titel=${encodeURIComponent(title)}`, { signal: running.signal });
      if (answer.ok) box.innerHTML = await answer.text();
    } catch {
      /* Offline or overtaken by the next letter: what stands there stays. */
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 450);
  });
})();
