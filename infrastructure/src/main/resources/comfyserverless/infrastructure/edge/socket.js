// The WebSocket API answers at its stage's path only, whichever of its two paths the client used.
function handler(event) {
    var request = event.request;
    if (request.headers.host) {
        request.headers['x-viewer-host'] = { value: request.headers.host.value };
    }
    if (event.viewer) {
        request.headers['x-viewer-address'] = { value: event.viewer.ip };
    }
    request.uri = '/STAGE';
    return request;
}
