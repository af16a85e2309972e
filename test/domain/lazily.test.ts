import { describe, expect, it, vi } from 'vitest';
import { lazily } from '../../lib/domain/lazily.ts';

describe('lazily', () => {
  it('makes nothing before it is asked, and then once', () => {
    const make = vi.fn(() => ({ made: true }));
    const made = lazily(make);
    expect(make).not.toHaveBeenCalled();
    expect(made()).toBe(made());
    expect(make).toHaveBeenCalledOnce();
  });

  it('keeps undefined, too', () => {
    const make = vi.fn(() => undefined);
    const made = lazily(make);
    expect([made(), made()]).toEqual([undefined, undefined]);
    expect(make).toHaveBeenCalledOnce();
  });

  it('tries again where making failed', () => {
    const make = vi.fn<() => string>().mockImplementationOnce(() => {
      throw new Error('not yet');
    });
    make.mockReturnValue('made');
    const made = lazily(make);
    expect(made).toThrow('not yet');
    expect(made()).toBe('made');
  });
});
