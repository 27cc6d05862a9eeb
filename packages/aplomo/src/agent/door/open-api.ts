const app = { name: "app", in: "path", required: true, schema: { type: "string", pattern: "^[a-z][a-z0-9-]{0,39}$" } };
const json = (description: string): object => ({ description, content: { "application/json": { schema: { type: "object" } } } });
const brief = {
  type: "object",
  required: ["app", "good", "state", "release", "lookedAt"],
  properties: {
    app: { type: "string" },
    good: { type: ["boolean", "null"] },
    state: { type: "string" },
    release: { type: ["string", "null"] },
    lookedAt: { type: ["string", "null"], format: "date-time" },
  },
};

/** What programs may ask over HTTP. */
export const openApi = {
  openapi: "3.1.0",
  info: { title: "Aplomo's agent", version: "1", description: "See docs/AGENT.md." },
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  security: [{ token: [] }],
  paths: {
    "/api/apps": {
      get: {
        summary: "Every application and how it is",
        responses: { 200: { description: "by name", content: { "application/json": { schema: { type: "array", items: brief } } } } },
      },
    },
    "/api/apps/{app}": {
      get: { summary: "One application: the newest look, incidents, runs", parameters: [app], responses: { 200: json("as it is") } },
    },
    "/apps/{app}/act/{action}": {
      post: {
        summary: "Have something done; needs the role operate",
        parameters: [app, { name: "action", in: "path", required: true, schema: { enum: ["backup", "drill", "doctor", "rollback"] } }],
        requestBody: {
          content: {
            "application/x-www-form-urlencoded": {
              schema: { type: "object", properties: { release: { type: "string", pattern: "^r\\d+$" } } },
            },
          },
        },
        responses: { 303: { description: "begun: `location` is its page" }, 403: json("not with this role") },
      },
    },
    "/apps/{app}/badge.svg": { get: { summary: "A badge", parameters: [app], responses: { 200: { description: "an image" } } } },
    "/metrics": { get: { summary: "For Prometheus", responses: { 200: { description: "gauges" } } } },
    "/events": {
      get: {
        summary: "Server-sent events: `changed`",
        parameters: [{ name: "app", in: "query", schema: { type: "string" } }],
        responses: { 200: { description: "a stream" } },
      },
    },
  },
};
