// Imported before anything else by what runs as a process or thread of its own.
import { refuseNetwork } from './no-network.ts';

refuseNetwork();
