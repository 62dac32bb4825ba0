// In the studio: an option such as “All of the above” is proposed to stay last, in the moment in which it comes to say so. The author
// decides: a tick that they have touched is left alone, and so is one that stood there when the page was opened.
var pitlaneOptions = (() => {
  "use strict";
  const CHINESE = /^(以上|上述|前述|上面)(?=.*(都|均|皆|全|所有|各项|没有|无一)).{1,10}$/;
  const ENGLISH = /^(all|both|none|neither|any|each)( of)?( the| these)?( options| answers| statements)?( above| listed above)( options| answers| statements)?( (is|are) .{1,20})?$/i;
  const staysLast = (text) => {
    const plain = text.trim().replace(/[\s。.！!，,]+$/u, "");
    return CHINESE.test(plain) || ENGLISH.test(plain.replace(/\s+/g, " "));
  };
  const listen = (page) => {
    const touched = new Set(), said = new Map();
    const optionOf = (field) => (/^(options-\d+-value-)text_(zh|en)$/.exec(field.name || "") || [])[1];
    const named = (name) => page.querySelector(`[name="${name}"]`);
    const says = (option) => ["zh", "en"].some((language) => staysLast(named(`${option}text_${language}`).value));
    page.addEventListener("click", (event) => { if (/-value-last$/.test(event.target.name || "")) touched.add(event.target.name); });
    page.addEventListener("focusin", (event) => {
      const option = optionOf(event.target);
      if (option) said.set(option, says(option));
    });
    page.addEventListener("input", (event) => {
      const option = optionOf(event.target), tick = option && named(`${option}last`);
      if (!tick || touched.has(tick.name)) return;
      const now = says(option);
      if (now !== Boolean(said.get(option))) tick.checked = now;
      said.set(option, now);
    });
  };
  if (typeof document !== "undefined") listen(document);
  return { staysLast };
})();
