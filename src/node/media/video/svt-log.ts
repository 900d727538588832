// The AV1 encoder writes its settings to stderr unless its library finds this in the environment when it loads.
process.env.SVT_LOG ??= '-1';
