// A script that a stock page brings.
export {};
