import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

interface TypedFilterProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly change: (value: string | undefined) => void;
  readonly className?: string | undefined;
  readonly icon?: boolean;
}

const typingPauseMs = 250;

/** A text that lists are filtered by; it takes effect when somebody stops typing. */
export function TypedFilter({
  label,
  placeholder,
  value = '',
  change,
  className = '',
  icon = false,
}: TypedFilterProps) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  // Cleared from outside, such as by “Clear filters”.
  if (told !== value) {
    setTold(value);
    setTyped(value);
  }
  const tell = useDebouncedCallback((text: string) => {
    setTold(text);
    change(text || undefined);
  }, typingPauseMs);
  return (
    <TextInput
      type="search"
      className={className}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        tell(currentTarget.value.trim());
      }}
      leftSection={icon && <IconSearch size={14} aria-hidden />}
    />
  );
}
