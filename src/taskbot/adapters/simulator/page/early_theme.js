// Runs before the first paint, so that a theme chosen earlier does not flash the other one.
try {
  const theme = localStorage.getItem("simulator.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be switched off; the system's theme holds then.
}
