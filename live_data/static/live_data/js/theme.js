// Light or dark as the system is, from the first paint on and when it changes.
"use strict";

(() => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("theme-changed"));
  };
  dark.addEventListener("change", follow);
  follow();
})();
