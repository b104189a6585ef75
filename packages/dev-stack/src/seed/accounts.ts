/** The people of a seeded system. The manager's first salon has the first half of the staff. */
export const accounts = {
  manager: { phoneNumber: '+966500000001', firstName: 'Noura', lastName: 'Al-Otaibi' },
  customer: { phoneNumber: '+966500000002', firstName: 'Sara', lastName: 'Al-Harbi' },
  admin: { phoneNumber: '+966500000009' },
  staff: [
    { phoneNumber: '+966500000003', firstName: 'Huda', lastName: 'Al-Ghamdi' },
    { phoneNumber: '+966500000004', firstName: 'Reem', lastName: 'Al-Zahrani' },
    { phoneNumber: '+966500000005', firstName: 'Amal', lastName: 'Al-Shehri' },
    { phoneNumber: '+966500000006', firstName: 'Fahad', lastName: 'Al-Qahtani' },
    { phoneNumber: '+966500000007', firstName: 'Majed', lastName: 'Al-Dosari' },
    { phoneNumber: '+966500000008', firstName: 'Omar', lastName: 'Al-Mutairi' },
  ],
} as const;
