export { type Obu, obuProblem, obus } from './obu.ts';
