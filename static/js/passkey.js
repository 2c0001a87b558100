// Says on the page, and not in the console, that a passkey was not used or was cancelled.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-problem").hidden = false;
});
