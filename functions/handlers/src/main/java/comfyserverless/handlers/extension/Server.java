package comfyserverless.handlers.extension;

import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.queue.QueueNews;

/// The server as packs reach it, a tenant at a time.
///
/// @param submit `POST /prompt`
public record Server(HandlerPorts ports, QueueNews news, Endpoint submit) {}
