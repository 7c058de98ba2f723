const SOBJECTS = `${process.env.SIMULATOR}/services/data/v62.0/sobjects`;

/** Makes events through the REST API, with the org's fixed token. */
export class RestApi {
  async publishOrders(from, to) {
    for (let number = from; number <= to; number++) {
      await this.create("Order__e", { OrderNumber__c: String(number), Amount__c: number + 0.5 });
    }
  }

  async create(object, fields) {
    const { id } = await (await this.#request("POST", object, fields)).json();
    return id;
  }

  async update(object, id, fields) {
    await this.#request("PATCH", `${object}/${id}`, fields);
  }

  async #request(method, path, fields) {
    const headers = { Authorization: "Bearer demo", "Content-Type": "application/json" };
    const response = await fetch(`${SOBJECTS}/${path}`, { method, headers, body: JSON.stringify(fields) });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response;
  }
}
