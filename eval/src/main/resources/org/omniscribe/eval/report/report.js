"use strict";
// Tabs: one panel of each group is shown.
for (const tabs of document.querySelectorAll(".tabs")) {
  const buttons = [...tabs.querySelectorAll("button")];
  const choose = (chosen) => buttons.forEach((button) => {
    button.setAttribute("aria-selected", String(button === chosen));
    document.getElementById(button.getAttribute("aria-controls")).hidden = button !== chosen;
  });
  buttons.forEach((button) => button.addEventListener("click", () => choose(button)));
  choose(buttons[0]);
}
// Only one utterance sounds at a time.
document.addEventListener("play", (event) => {
  for (const audio of document.querySelectorAll("audio")) {
    if (audio !== event.target) audio.pause();
  }
}, true);
// The page follows the system's colours until somebody chooses others.
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
document.documentElement.dataset.ready = "yes";
