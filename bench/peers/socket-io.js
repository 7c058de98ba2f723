// Socket.IO with its Redis adapter, as its documentation sets it up: rooms for channels, one event for a message.
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import { Server } from 'socket.io';

const publisher = createClient({ url: process.env.REDIS });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);

const http = createServer();
const server = new Server(http, {
  adapter: createAdapter(publisher, subscriber),
  transports: ['websocket'],
});
server.on('connection', (socket) => {
  const { room } = socket.handshake.auth;
  if (room) {
    socket.join(room);
    socket.emit('joined', room);
  }
  socket.on('publish', (channel, message) => server.to(channel).emit('message', message));
});
http.listen(Number(process.env.PORT), '127.0.0.1');
