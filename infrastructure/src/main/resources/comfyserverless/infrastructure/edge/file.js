// The bucket knows its objects without the prefix under which this origin shows them.
function handler(event) {
    var request = event.request;
    request.uri = request.uri.replace(/^\/_files/, '');
    return request;
}
