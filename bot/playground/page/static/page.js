// Makes the page pleasant: forms without reloading, forms that stand in front, news as they come.
// Without it everything works all the same, one page at a time.

const SILENCE = "The playground does not answer. Is it still running?";
const find = (selector, root = document) => root.querySelector(selector);
const served = new WeakMap(); // each part of the page as the server last sent it
let shown = location.pathname;
let turn = 0;
let underway = 0; // what somebody asked for goes before news
let opener = {}; // where the focus was when a form came to stand in front

const remember = (part) => {
  if (part.hasAttribute("data-parts")) [...part.children].forEach(remember);
  else served.set(part, part.outerHTML);
  return part;
};

// Puts what changed into the page, part by part, and leaves what is the same alone.
const update = (old, fresh) => {
  if (!old.hasAttribute("data-parts")) {
    if (served.get(old) === fresh.outerHTML) return old;
    old.replaceWith(remember(fresh));
    return fresh;
  }
  Object.assign(old.dataset, fresh.dataset);
  old.className = fresh.className;
  const known = new Map([...old.children].map((part) => [part.id, part]));
  let next = old.firstElementChild;
  for (const part of [...fresh.children]) {
    const same = known.get(part.id);
    known.delete(part.id);
    if (same && same === next) {
      next = next.nextElementSibling;
      update(same, part);
    } else old.insertBefore(same ? update(same, part) : remember(part), next);
  }
  known.forEach((gone) => gone.remove());
  return old;
};

const tell = (sentence) => {
  const note = document.createElement("p");
  note.textContent = sentence;
  find("#notes")?.replaceChildren(note);
};

const openModal = () => {
  const modal = find("dialog[open]:not(:modal)");
  if (!modal) return;
  modal.close();
  modal.showModal();
  find("[autofocus]", modal)?.focus();
};

const whereabouts = () => {
  const element = document.activeElement;
  return { element, ids: [element?.id, element?.closest("[tabindex='-1']")?.id, "main"] };
};

// What was there may have been put anew, or be gone: then what is nearest to it.
const focusAgain = ({ element, ids = ["main"] }) => {
  if (document.activeElement !== document.body || find("dialog:modal")) return;
  const named = ids.filter(Boolean).map((id) => document.getElementById(id));
  const there = element?.isConnected && element !== document.body ? element : named.find(Boolean);
  there?.focus({ preventScroll: true });
};

// What the server answered takes the place of what is there, unless something newer was asked for.
const show = async (asking, { isNews = false, isPlace = false } = {}) => {
  const mine = ++turn;
  const answer = await asking.catch(() => null);
  const html = await answer?.text().catch(() => "");
  if (mine !== turn) return;
  const there = new DOMParser().parseFromString(html ?? "", "text/html");
  const fresh = find("#page", there);
  if (!fresh) {
    if (!isNews) tell(find("main p", there)?.textContent ?? SILENCE);
    return;
  }
  if (isNews) find("#notes", there).replaceWith(find("#notes").cloneNode(true));
  const had = whereabouts();
  const wasInForm = find("dialog:modal");
  update(find("#page"), fresh);
  document.title = there.title;
  const { pathname } = new URL(answer.url);
  if (pathname !== shown) history.pushState(null, "", pathname);
  shown = pathname;
  openModal();
  if (!wasInForm) opener = had;
  if (isPlace) find("#title")?.focus();
  else if (wasInForm || had.element !== document.body) focusAgain(opener);
};

const visit = async (address, options) => {
  const from = find(".head")?.id;
  if (options.isPlace) underway += 1;
  await show(fetch(`${address}?since=${find("#page").dataset.since}`), options);
  if (options.isPlace) underway -= 1;
  if (find(".head")?.id !== from) find("form[data-auto]")?.requestSubmit();
};

const post = async (form, submitter, chosen) => {
  const fields = new URLSearchParams(new FormData(form, submitter));
  if (chosen) fields.set("choose", chosen);
  document.querySelectorAll(":popover-open").forEach((open) => open.hidePopover());
  underway += 1;
  form.setAttribute("aria-busy", "true");
  // a field named "action" would hide the property of that name
  await show(fetch(form.getAttribute("action"), { method: "POST", body: fields }));
  form.removeAttribute("aria-busy");
  underway -= 1;
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy")) return;
  await post(form, event.submitter);
  if (form.id === "composer" && !find("#notes p")) form.reset();
});

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form.press");
  if (!form || target.tagName !== "SELECT" || !target.value) return;
  if (form.dataset.confirm) document.getElementById(form.dataset.confirm).showPopover();
  else form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const form = link.matches(".button, [data-choose]") && link.closest("form.press");
  if (form) post(form, null, link.dataset.choose); // the app hears of a link that is followed
  if (!link.hasAttribute("data-go")) return;
  event.preventDefault();
  find("#sidebar:popover-open")?.hidePopover();
  visit(link.getAttribute("href"), { isPlace: true });
});

const close = (event) => {
  event.preventDefault(); // it is open for as long as the server has it open
  find("form.close", event.target)?.requestSubmit();
};
document.addEventListener("cancel", (event) => event.target.matches("dialog") && close(event), true);

const listen = (user) => {
  const news = new EventSource(`/changes?as=${encodeURIComponent(user)}`);
  const look = (event) => {
    if (event.data === find("#page").dataset.seen) return;
    if (underway) setTimeout(look, 300, event);
    else visit(location.pathname, { isNews: true });
  };
  news.addEventListener("changed", look);
  news.addEventListener("clock", (event) => {
    const { done, total, at } = JSON.parse(event.data);
    const bar = find("#clock progress");
    if (!bar) return look(event);
    Object.assign(bar, { value: done, max: total });
    find("#clock time").textContent = at;
  });
};

document.documentElement.classList.add("js");
addEventListener("popstate", () => location.pathname === shown || location.reload());
if (find("#page")) {
  remember(find("#page"));
  openModal();
  find("form[data-auto]")?.requestSubmit();
  listen(find("#page").dataset.as);
}
