/** What a program does with the client in TypeScript; tsc checks it, the test runs it. */

import { connect, logIn, type Schemas } from "./client.js";

declare const process: { argv: string[] };

function assert(truth: boolean, what: string): asserts truth {
  if (!truth) throw new Error(`it is not so that ${what}`);
}

const [, , address = "", username = "", password = ""] = process.argv;
const api = connect(address);

const refused = await logIn(api, username, "something else").catch(String);
assert(typeof refused === "string", "a wrong password is refused");
await logIn(api, username, password);

const body: Schemas["ProductCreate"] = {
  title: "Emma",
  price: "7.50",
  made_at: "2030-01-31T12:00:00Z",
};
const { data: made } = await api.POST("/api/v1/products", { body });
assert(made?.title === "Emma", "a row has what it was made of");

const params = { path: { product_id: made.id } };
const changes = { title: "Persuasion" };
const { data: changed } = await api.PATCH("/api/v1/products/{product_id}", {
  params,
  body: changes,
});
assert(changed?.title === "Persuasion", "a row is changed");

const query = {
  status: ["draft" as const, "live" as const],
  price_min: "7.50",
  search: "suasi",
  total: true,
};
const { data: page } = await api.GET("/api/v1/products", { params: { query } });
assert(page?.data[0]?.id === made.id, "a list has it");
assert(page.total === 1, "its rows are counted");

const { data: lines } = await api.GET("/api/v1/products/export", {
  parseAs: "text",
});
assert(JSON.parse(String(lines)).id === made.id, "an export has it");

const one = await api.DELETE("/api/v1/products/{product_id}", { params });
assert(one.response.status === 204, "it is deleted");

const { error } = await api.GET("/api/v1/products/{product_id}", { params });
assert(error?.status === 404, "what is gone is a problem document");
