// /control/mail: what the app has mailed.
import { NotFound, param, query, queryNumber, type ControlRoutes } from "./respond";

/** Mounts the mailbox's endpoints. */
export function mountMail(routes: ControlRoutes): void {
  const { sim } = routes;
  routes.on(
    "GET",
    "/control/mail",
    "Messages the app sent, newest last. ?to=&subject= (parts of them) &limit=200",
    (ctx) => {
      const to = query(ctx, "to")?.toLowerCase() ?? "";
      const subject = query(ctx, "subject") ?? "";
      const found = (sim.state.mail ?? []).filter(
        (mail) =>
          mail.subject.includes(subject) && mail.envelope.to.some((address) => address.toLowerCase().includes(to)),
      );
      const limit = queryNumber(ctx, "limit", 200);
      return { count: found.length, mail: limit === 0 ? [] : found.slice(-limit) };
    },
  );
  routes.on("GET", "/control/mail/:id", "One message", (ctx) => {
    const mail = sim.state.mail?.find(({ id }) => id === param(ctx, "id"));
    if (!mail) throw new NotFound(`no message ${param(ctx, "id")} in the mailbox`);
    return { mail };
  });
  routes.on("DELETE", "/control/mail", "Empties the mailbox", () => {
    const removed = sim.state.mail?.length ?? 0;
    sim.state.mail = [];
    return { removed };
  });
}
