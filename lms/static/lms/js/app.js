// Small comforts on top of pages that work without them. No page needs this file.
(() => {
  "use strict";
  const root = document.documentElement;
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const element = event.target.closest && event.target.closest(selector);
      if (element) act(event, element);
    });

  // -- theme: light or dark, remembered on this device
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  on("click", "[data-theme-toggle]", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("pitlane-theme", root.dataset.theme); } catch (refused) { /* not remembered */ }
  });

  // -- toasts: good news leaves by itself, the rest waits to be read
  on("click", "[data-dismiss]", (event, button) => button.closest(".toast, .notice").remove());
  const letGo = (toast) => {
    if (!toast.matches(".success, .info") || toast.dataset.timed) return;
    toast.dataset.timed = "yes";
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
    setTimeout(leave, 8000);
  };
  const settle = (part) => {
    document.querySelectorAll(".toast").forEach(letGo);
    part.querySelectorAll(".scroll:not([tabindex])").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });
    const wrong = part.querySelector("[data-focus]:not(.styleguide *)");
    if (wrong) wrong.focus();
    part.querySelectorAll(":is(.palette, .tabs) > :is(.here, [aria-current])").forEach((here) => {
      here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - here.parentElement.clientWidth / 2;
    });
  };

  // -- data-confirm="words" on a form or a button: ask first
  const dialog = document.getElementById("confirm");
  const called = (source, button) => source.dataset.confirmLabel || (button ? button.textContent.trim() : "");
  const ask = (words, label, go) => {
    if (!dialog || !dialog.showModal) { if (window.confirm(words)) go(); return; }
    dialog.querySelector("p").textContent = words;
    const yes = dialog.querySelector("[value=yes]");
    yes.dataset.word = yes.dataset.word || yes.textContent;
    [dialog.querySelector("h2"), yes].forEach((part) => { part.textContent = label || yes.dataset.word; });
    dialog.returnValue = "";
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") go(); }, { once: true });
    dialog.showModal();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const source = button && button.dataset.confirm ? button : form;
    if (!source.dataset.confirm || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(source.dataset.confirm, called(source, button), () => { form.dataset.confirmed = "yes"; form.requestSubmit(button || undefined); });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const words = event.target.dataset.confirm;
    if (!words || event.target.matches("form")) return;
    event.preventDefault();
    ask(words, called(event.target, event.target), () => event.detail.issueRequest(true));
  });

  // -- a form is sent once: a second press while the first is under way does nothing
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => { delete form.dataset.sent; form.removeAttribute("aria-busy"); }, 8000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // -- filter bars send themselves when something is chosen
  on("change", "[data-autosubmit] :is(select, input[type=date], input[type=month], input[type=checkbox], input[type=radio])", (event, field) => field.form.requestSubmit());
  // empty fields stay out of the address
  document.addEventListener("formdata", (event) => {
    if (event.target.method === "get") [...event.formData.entries()].forEach(([name, value]) => { if (value === "") event.formData.delete(name); });
  });

  // -- tabs of one page: role=tablist, arrows move
  const choose = (tab) => {
    const list = tab.closest("[role=tablist]");
    list.querySelectorAll("[role=tab]").forEach((other) => {
      const chosen = other === tab;
      other.setAttribute("aria-selected", chosen);
      other.tabIndex = chosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !chosen;
    });
  };
  on("click", "[role=tab]", (event, tab) => { event.preventDefault(); choose(tab); });
  on("keydown", "[role=tab]", (event, tab) => {
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.indexOf(tab), End: tabs.length - 1 - tabs.indexOf(tab) }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });

  // -- menus close on Escape and when one clicks elsewhere
  document.addEventListener("click", (event) => document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  on("keydown", "details.menu[open]", (event, menu) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // -- things a page may ask for
  on("click", "[data-print]", () => window.print());
  on("click", "[data-copy]", async (event, button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.setAttribute("aria-pressed", "true");
  });

  document.querySelectorAll("[role=tablist]").forEach((list) => choose(list.querySelector("[aria-selected=true]") || list.querySelector("[role=tab]")));
  settle(document);
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));
})();
