/** The way to the broker, apart from the rest of the wiring: credentials are asked for often, and have to come quickly. */
export type { AskedBroker } from './broker-client.ts';
export { atBroker, type Broker, type BrokerFlags } from './open-broker.ts';
