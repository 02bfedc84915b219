import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { OpenApiDocument } from '../openapi/document.js';

/** Serves the documentation page at `/docs`, all of it from this machine. */
export function serveDocumentation(application: NestFastifyApplication, document: () => OpenApiDocument): void {
  const copyDocument = (): OpenAPIObject => JSON.parse(JSON.stringify(document()));
  SwaggerModule.setup('docs', application, copyDocument, {
    raw: false,
    customSiteTitle: 'Policy Timeline',
    // Without this the page asks a server elsewhere whether the document is valid.
    swaggerOptions: { validatorUrl: null },
  });
}
