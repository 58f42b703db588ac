// an extension
