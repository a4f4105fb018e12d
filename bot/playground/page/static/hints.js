// Commands with hints: what begins like what was typed is offered above the box for messages.

const box = () => document.getElementById("say");
const list = () => document.getElementById("hints");
const offered = () => [...list().children].filter((option) => !option.hidden);

const choose = (option) => {
  [...list().children].forEach((each) => each.setAttribute("aria-selected", each === option));
  if (option) box().setAttribute("aria-activedescendant", option.id);
  else box().removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
};

const offer = ({ isShut = false } = {}) => {
  const typed = box().value.toLowerCase();
  const words = typed.split(" ").length;
  for (const option of list().children) {
    const { fills } = option.dataset;
    const goesOn = typed.startsWith("/") && fills.startsWith(typed) && fills !== typed;
    option.hidden = isShut || !goesOn || fills.trim().split(" ").length !== words;
  }
  list().hidden = offered().length === 0;
  box().setAttribute("aria-expanded", !list().hidden);
  choose(null);
};

const fill = (option) => {
  box().value = option.dataset.fills;
  offer();
  box().focus();
};

const keys = {
  ArrowDown: (options, at) => choose(options[(at + 1) % options.length]),
  ArrowUp: (options, at) => choose(options.at(at < 0 ? -1 : at - 1)),
  Tab: (options, at) => fill(options[Math.max(at, 0)]),
  Enter: (options, at) => fill(options[at]),
  Escape: () => offer({ isShut: true }),
};

document.addEventListener("input", ({ target }) => target === box() && offer());
document.addEventListener("submit", () => box() && offer({ isShut: true }));
document.addEventListener("focusout", ({ target }) => target === box() && offer({ isShut: true }));
document.addEventListener("mousedown", (event) => {
  const option = event.target.closest("#hints > *");
  if (!option) return;
  event.preventDefault(); // the box keeps the focus
  fill(option);
});
document.addEventListener("keydown", (event) => {
  if (!box() || event.target !== box() || event.isComposing || event.shiftKey) return;
  const options = offered();
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (!options.length || !(event.key in keys) || (event.key === "Enter" && at < 0)) return;
  event.preventDefault();
  keys[event.key](options, at);
});
