import { Controller, type DynamicModule, Get, Inject, Module, Param } from '@nestjs/common';
import type pg from 'pg';

const DATABASE = Symbol('database');

/** What answers are measured against: documents found by primary key, through the same stack. */
@Controller('reference')
class ReferenceController {
  constructor(@Inject(DATABASE) private readonly pool: pg.Pool) {}

  @Get()
  async all(): Promise<object> {
    const { rows } = await this.pool.query<{ document: object }>({
      name: 'reference-all',
      text: 'SELECT document FROM reference.documents ORDER BY slug',
    });
    return { items: rows.map(({ document }) => document) };
  }

  @Get(':slug')
  async one(@Param('slug') slug: string): Promise<object | undefined> {
    const { rows } = await this.pool.query<{ document: object }>({
      name: 'reference-one',
      text: 'SELECT document FROM reference.documents WHERE slug = $1',
      values: [slug],
    });
    return rows[0]?.document;
  }
}

@Module({})
export class ReferenceModule {
  static forRoot(pool: pg.Pool): DynamicModule {
    return {
      module: ReferenceModule,
      controllers: [ReferenceController],
      providers: [{ provide: DATABASE, useValue: pool }],
    };
  }
}
