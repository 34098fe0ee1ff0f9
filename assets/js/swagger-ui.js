// Starts Swagger UI on the page of the API's documentation.
const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  // There are too many operations for one list: the nouns come first.
  docExpansion: "none",
  tryItOutEnabled: true,
  validatorUrl: null,
});
