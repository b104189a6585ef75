import { createRegistry, type DescFile, type DescService, type Registry } from '@bufbuild/protobuf';
import { files } from './files.ts';

/** Every message, enum, service and extension of the contract, with all they import. */
export const registry: Registry = createRegistry(...withImports(files));

/** Every file of the contract, with all they import, each once; imports come before the files that need them. */
export const allFiles: readonly DescFile[] = withImports(files);

/** Every RPC service of Mawid's own. */
export const services: readonly DescService[] = allFiles
  .filter((file) => file.proto.package.startsWith('mawid.'))
  .flatMap((file) => file.services);

function withImports(roots: readonly DescFile[]): DescFile[] {
  const seen = new Set<DescFile>();
  const visit = (file: DescFile): void => {
    if (seen.has(file)) return;
    for (const dependency of file.dependencies) visit(dependency);
    seen.add(file);
  };
  for (const file of roots) visit(file);
  return [...seen];
}
