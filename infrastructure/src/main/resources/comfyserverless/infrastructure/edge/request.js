// Before a request reaches the HTTP API: refuses what is too large for it, and keeps what the API would
// change: the path as it was sent, the host that the viewer called, and the viewer's address.
function handler(event) {
    var request = event.request;
    var length = request.headers['content-length'];
    if (length && Number(length.value) > LARGEST_BODY) {
        var bytes = length.value;
        return {
            statusCode: 413,
            statusDescription: 'Content Too Large',
            headers: { 'content-type': { value: 'application/json; charset=utf-8' } },
            body: JSON.stringify({
                error: {
                    type: 'body_too_large',
                    message: 'The request is larger than the gateway takes',
                    details: bytes + ' bytes, at most LARGEST_BODY; files up to 5 GB go by a presigned upload:'
                        + ' POST /api/upload/presign',
                    extra_info: {}
                },
                node_errors: {}
            })
        };
    }
    if (event.viewer) {
        request.headers['x-viewer-address'] = { value: event.viewer.ip };
    }
    request.headers['x-original-path'] = { value: request.uri };
    if (request.headers.host) {
        request.headers['x-viewer-host'] = { value: request.headers.host.value };
    }
    return request;
}
