// Before the first paint: the theme chosen on this device, and the fact that scripts run.
(function (root) {
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("pitlane-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (refused) { /* storage is off: follow the system */ }
})(document.documentElement);
