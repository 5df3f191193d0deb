import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take minutes, most of them small ones, which Vitest runs last: then they keep one worker busy when the others are through. */
const SLOW = /\/(carbon\/fuzz|faults\/faults|sync\/(sync|cancel|bad-pages|crash))\.test\.ts$/

const isSlow = ({ moduleId }: TestSpecification) => SLOW.test(moduleId)

/** Vitest's order, but for the slow files of a project, which come first in it. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = new Set(sorted.map(({ project }) => project.name))
    return [...projects].flatMap((name) => {
      const ofProject = sorted.filter(({ project }) => project.name === name)
      return [...ofProject.filter(isSlow), ...ofProject.filter((file) => !isSlow(file))]
    })
  }
}
