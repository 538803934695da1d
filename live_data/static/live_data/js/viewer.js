// What the viewer prefers, from the first paint on: light or dark, and the zone of times.
"use strict";

(() => {
  const THEMES = ["auto", "light", "dark"];
  const YEAR = 31536000; // s
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return THEMES.includes(localStorage.theme) ? localStorage.theme : "auto";
    } catch {
      return "auto"; // storage is forbidden: as the system is
    }
  }

  function apply() {
    const theme = chosen();
    const isDark = theme === "dark" || (theme === "auto" && dark.matches);
    document.documentElement.dataset.bsTheme = isDark ? "dark" : "light";
    for (const name of document.querySelectorAll("#theme [data-theme-name]")) name.hidden = name.dataset.themeName !== theme;
    document.dispatchEvent(new CustomEvent("theme-changed"));
  }

  function offerThemes() {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      try {
        localStorage.theme = THEMES[(THEMES.indexOf(chosen()) + 1) % THEMES.length];
      } catch {
        return; // nothing can be remembered
      }
      apply();
    });
    apply();
  }

  /**
   * The server words times, counts days and reads forms in the viewer's zone; it is told with every request.
   * What it sent before it was told is asked for once more, so that no page mixes two zones.
   */
  function tellZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return;
    document.cookie = `timezone=${encodeURI(zone)};path=/;max-age=${YEAR};samesite=strict`;
    if (document.documentElement.dataset.timeZone !== zone && isFirstTry(zone)) location.reload();
  }

  /** A zone that the server does not know, or a forbidden cookie, must not reload a page for ever. */
  function isFirstTry(zone) {
    try {
      if (sessionStorage.toldZone === zone) return false;
      sessionStorage.toldZone = zone;
      return true;
    } catch {
      return false;
    }
  }

  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply); // chosen in another tab
  document.addEventListener("DOMContentLoaded", offerThemes);
  apply();
  tellZone();
})();
