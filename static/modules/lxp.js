// The behaviour of the NHS components that we use; `npm run build` bundles it into one file.
// Every page works without it.
import {
  createAll,
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Header,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink
} from "nhsuk-frontend";

const components = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Header,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink
];

function start(scope) {
  components.forEach((component) => createAll(component, undefined, { scope }));
}

start(document);
// A part of a page that htmx has brought in.
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) start(event.target);
});
