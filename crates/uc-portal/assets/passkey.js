// Passkeys (WebAuthn): asks the browser's authenticator, and posts its answer with the form that asked for it.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const listed = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

// What the portal sends has text where the browser wants bytes.
const creation = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  user: { ...options.user, id: bytes(options.user.id) },
  excludeCredentials: listed(options.excludeCredentials),
});

const request = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  allowCredentials: listed(options.allowCredentials),
});

const acts = {
  create: async (options) => {
    const made = await navigator.credentials.create({ publicKey: creation(options) });
    return [made, ["attestationObject", "clientDataJSON"]];
  },
  get: async (options) => {
    const shown = await navigator.credentials.get({ publicKey: request(options) });
    return [shown, ["authenticatorData", "clientDataJSON", "signature", "userHandle"]];
  },
};

// And the other way round.
const written = ([credential, members]) => {
  const there = members.filter((member) => credential.response[member]);
  const response = there.map((member) => [member, text(credential.response[member])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(response),
    extensions: {},
  });
};

const fault = document.querySelector("[data-passkey-fault]");

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.hidden = true;
    try {
      const options = JSON.parse(form.dataset.options).publicKey;
      form.elements.namedItem("credential").value = written(await acts[form.dataset.passkey](options));
      form.submit();
    } catch {
      // Cancelled, timed out, or no key of this person: the browser has said so in its own words.
      fault.hidden = false;
      fault.focus();
    }
  });
}
