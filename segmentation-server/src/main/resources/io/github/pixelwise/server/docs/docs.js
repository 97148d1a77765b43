// Shows /openapi.json, and lets readers try the server that serves this page.

/**
 * Says the default of a parameter in its description instead of its schema: the page would send
 * all defaults, and so override what a recipe says.
 */
function describeDefault(parameter) {
  const value = parameter.schema?.default;
  if (value !== undefined) {
    parameter.description += ` Default: ${value}.`;
    delete parameter.schema.default;
  }
}

function describeDefaults(api) {
  const operations = Object.values(api.paths).flatMap((path) => Object.values(path));
  const own = operations.flatMap((operation) => operation.parameters ?? []);
  [...own, ...Object.values(api.components.parameters)].forEach(describeDefault);
  return api;
}

const defaultsPlugin = {
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (api) => update(describeDefaults(api)),
      },
    },
  },
};

/** Leaves out the fields of a form that were left empty. */
function withoutEmptyFields(request) {
  if (request.body instanceof FormData) {
    for (const name of [...request.body.keys()]) {
      if (request.body.get(name) === "") {
        request.body.delete(name);
      }
    }
  }
  return request;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const showTheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", showTheme);
showTheme();

SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("api"),
  plugins: [defaultsPlugin],
  requestInterceptor: withoutEmptyFields,
  validatorUrl: null, // it would send the document to another server
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
});
