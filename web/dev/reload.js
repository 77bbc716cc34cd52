// @ts-check
// While developing: loads the page anew when Trunk has built it anew. The only file that `trunk serve` shows and a release has not.
const connect = () => {
  const socket = new WebSocket(new URL("/.well-known/trunk/ws", location.href.replace(/^http/, "ws")));
  socket.addEventListener("message", ({ data }) => {
    const { type, data: report } = JSON.parse(data);
    if (type === "reload") location.reload();
    if (type === "buildFailure") console.error(report?.reason ?? "the build failed");
  });
  socket.addEventListener("close", () => setTimeout(connect, 1000));
};
connect();
