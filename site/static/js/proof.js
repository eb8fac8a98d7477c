/* Does a form's proof of work in a thread of its own while somebody writes. Without this script, or where a browser can't, the form
   is sent without a proof: nothing here holds up its button. */
(() => {
  for (const box of document.querySelectorAll("[data-proof]")) prepare(box);

  function prepare(box) {
    const challenge = box.dataset.proof;
    box.removeAttribute("data-proof"); // the page may hold this script twice
    const form = box.closest("form");
    if (!challenge || !form || !window.Worker || !window.crypto?.subtle) return;
    const field = box.querySelector("input[type=hidden]");
    const line = box.querySelector("[role=status]");
    let begun = false;
    field.value = ""; // some browsers bring back what a page held before

    function begin() {
      if (begun) return;
      begun = true;
      const parsed = JSON.parse(challenge);
      const worker = new Worker(box.dataset.solver);
      const end = (text) => {
        worker.terminate();
        line.textContent = text;
      };
      worker.onerror = () => end("");
      worker.onmessage = ({ data }) => {
        if (!data?.derivedKey) return end(""); // too slow, or an error
        field.value = btoa(JSON.stringify({ challenge: parsed, solution: data }));
        end(box.dataset.ready);
      };
      line.textContent = box.dataset.working;
      worker.postMessage({ type: "work", challenge: parsed, timeout: 60000 });
    }

    form.addEventListener("focusin", begin);
    form.addEventListener("input", begin);
    if (form.contains(document.activeElement)) begin();
  }
})();
