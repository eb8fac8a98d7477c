// Keeps the progress of an import up to date. Without this one presses "Stand neu laden".
const shown = document.querySelector("[data-under-way]");
const look = async () => {
  const response = await fetch(location.href);
  const next = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-progress]");
  if (!response.ok || !next) return;
  shown.replaceChildren(...next.childNodes);
  if ("underWay" in next.dataset) setTimeout(look, 2000);
};
if (shown) setTimeout(look, 2000);
