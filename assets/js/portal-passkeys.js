// Signs a client in with a passkey, or makes one: the browser asks for fingerprint, face or PIN, and the form sends what
// the passkey signed. Without this module, or in a browser that knows no passkeys, people sign in with a code.
const REFRESH_AFTER = 4 * 60 * 1000; // Challenges are valid for five minutes.
const isSupported = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";
let offer = new AbortController();

// What the server says why there can be no passkey now; every other failure has the form's own words.
class Refusal extends Error {}

const ceremonies = {
  create: (options) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options, more) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...more }),
};

async function fetchOptions(form) {
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const response = await fetch(form.dataset.options, { method: "POST", body });
  if (response.status === 409) throw new Refusal((await response.json()).detail);
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

async function submitPasskey(form, more) {
  const { state, publicKey } = await fetchOptions(form);
  const credential = await ceremonies[form.dataset.passkey](publicKey, more);
  form.elements.challenge_state.value = state;
  form.elements.passkey_response.value = JSON.stringify(credential.toJSON());
  form.submit();
}

// Offers passkeys among the suggestions of the address field, with a fresh challenge while the page is open.
async function offerInField(form) {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  offer = new AbortController();
  const { signal } = offer;
  const timer = setTimeout(() => {
    offer.abort();
    offerInField(form);
  }, REFRESH_AFTER);
  signal.addEventListener("abort", () => clearTimeout(timer));
  submitPasskey(form, { mediation: "conditional", signal }).catch(() => {});
}

function enable(form) {
  const status = form.querySelector("[role=status]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    offer.abort();
    status.textContent = "";
    submitPasskey(form).catch((error) => {
      status.textContent = error instanceof Refusal ? error.message : form.dataset.failed;
      if (form.hasAttribute("data-in-field")) offerInField(form);
    });
  });
  if (form.hasAttribute("data-in-field")) offerInField(form);
}

if (isSupported) {
  for (const form of document.querySelectorAll("form[data-passkey]")) enable(form);
  for (const part of document.querySelectorAll("[data-with-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  // On the home page, passkeys are offered only where this device itself can keep one.
  if (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()) {
    for (const part of document.querySelectorAll("[data-passkey-offer]")) part.hidden = false;
  }
}
