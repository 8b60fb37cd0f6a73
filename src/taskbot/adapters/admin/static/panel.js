// What the pages do when something is pressed or chosen. Code in attributes would not run: the
// policy of the pages forbids it.
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-panel-click]");
  if (pressed) window[pressed.dataset.panelClick]();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-panel-goto]")) window.location = event.target.value;
});
// A one-time link: its code is behind the "#" of the address, which is never sent by itself.
const invitation = document.querySelector("[data-panel-invitation]");
if (invitation && window.location.hash.length > 1) {
  invitation.elements.code.value = window.location.hash.slice(1);
  window.history.replaceState(null, "", window.location.pathname);
  invitation.submit();
}
