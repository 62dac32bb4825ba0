// Ties a form with data-passkey="addForm" or "authenticateForm" to allauth's code for passkeys. Without it the button does nothing.
(() => {
  "use strict";
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const ids = { data: "passkey-data", credential: form.querySelector("[name=credential]").id };
    ids.add = ids.authenticate = "passkey-button";
    window.allauth.webauthn.forms[form.dataset.passkey]({ ids });
    document.addEventListener("allauth.error", (event) => {
      event.preventDefault();
      form.querySelector("[data-passkey-problem]").hidden = false;
    });
  });
})();
