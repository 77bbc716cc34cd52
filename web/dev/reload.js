// @ts-check
// Reloads the page after each build. Only `trunk serve` includes this file.
const connect = () => {
  const socket = new WebSocket(new URL("/.well-known/trunk/ws", location.href.replace(/^http/, "ws")));
  socket.addEventListener("message", ({ data }) => {
    const { type, data: report } = JSON.parse(data);
    if (type === "reload") location.reload();
    if (type === "buildFailure") console.error(report?.reason ?? "The build failed");
  });
  socket.addEventListener("close", () => setTimeout(connect, 1000));
};
connect();
