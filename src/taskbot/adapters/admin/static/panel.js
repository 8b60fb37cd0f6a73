// What the pages do when something is pressed or chosen. Code in attributes would not run: the
// policy of the pages forbids it.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-panel-click]");
  if (pressed) window[pressed.dataset.panelClick]();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-panel-goto]")) window.location = event.target.value;
});
