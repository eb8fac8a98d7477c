/* Says how many votes are left while they are given out. Without this script the server says so after sending. */
(() => {
  const form = document.querySelector("form[data-votes]");
  const line = form?.querySelector("[data-votes-left]");
  if (!line) return;
  const votes = Number(form.dataset.votes);

  function show() {
    const fields = form.querySelectorAll("input[type=number]");
    const given = [...fields].reduce((sum, field) => sum + (Number(field.value) || 0), 0);
    const left = votes - given;
    line.textContent = `${left < 0 ? line.dataset.over : line.dataset.text} ${Math.abs(left)}`;
    line.classList.toggle("is-over", left < 0);
    line.hidden = false;
  }

  form.addEventListener("input", show);
  show();
})();
