// The page itself, by its folder's name, for browsers with a session; others sign in first. Whether the session
// still holds is seen when the page calls a route.
function handler(event) {
    var request = event.request;
    if (request.uri.endsWith('/')) {
        if (!request.cookies || !request.cookies['__Host-comfy']) {
            return {
                statusCode: 302,
                statusDescription: 'Found',
                headers: { location: { value: '/login' }, 'cache-control': { value: 'no-store' } }
            };
        }
        request.uri += 'index.html';
    }
    return request;
}
