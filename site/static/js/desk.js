// Shows a reason in its public preview while it is being typed. Without this the preview shows where it will stand.
for (const preview of document.querySelectorAll("[data-preview-of]")) {
  const field = document.getElementById(preview.dataset.previewOf);
  const placeholder = preview.textContent;
  field?.addEventListener("input", () => {
    preview.textContent = field.value.trim() || placeholder;
  });
}
